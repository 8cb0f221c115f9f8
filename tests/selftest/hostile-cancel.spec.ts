import { hostilePeers } from './hostile-peers.js';
import { testPeers } from './hostile-run.js';

testPeers(hostilePeers);
