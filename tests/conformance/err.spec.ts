import { declareArea } from './suite.js';

declareArea('ERR');
