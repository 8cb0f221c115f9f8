import { declareArea } from './suite.js';

declareArea('RESP');
