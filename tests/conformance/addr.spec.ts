import { declareArea } from './suite.js';

declareArea('ADDR');
