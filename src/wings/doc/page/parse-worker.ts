import { parentPort, workerData } from 'node:worker_threads';
import { treeOf } from './markdown.js';

parentPort?.postMessage(treeOf(workerData as string));
