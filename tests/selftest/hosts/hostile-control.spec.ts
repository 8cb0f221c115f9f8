import { hostileControlPeers } from '../support/hostile-control-peers.js';
import { testPeers } from '../support/hostile-run.js';

testPeers(hostileControlPeers);
