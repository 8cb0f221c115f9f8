import { declareArea } from './suite.js';

declareArea('BODY');
