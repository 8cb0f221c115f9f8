import { hostileControlPeers } from './hostile-control-peers.js';
import { testPeers } from './hostile-run.js';

testPeers(hostileControlPeers);
