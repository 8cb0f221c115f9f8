import { declareArea } from './suite.js';

declareArea('PERM');
