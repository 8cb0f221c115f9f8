import { declareArea } from './suite.js';

declareArea('ROBUST');
