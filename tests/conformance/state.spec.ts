import { declareArea } from './suite.js';

declareArea('STATE');
