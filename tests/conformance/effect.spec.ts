import { declareArea } from './suite.js';

declareArea('EFFECT');
