import { hostilePeers } from '../support/hostile-peers.js';
import { testPeers } from '../support/hostile-run.js';

testPeers(hostilePeers);
