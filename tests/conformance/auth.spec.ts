import { declareArea } from './suite.js';

declareArea('AUTH');
