import { hostileControlPeers } from '../support/hostile-control-peers.js';
import { hostilePeers } from '../support/hostile-peers.js';
import { testPeers } from '../support/hostile-run.js';

// With every change a share of them.
testPeers([...hostilePeers, ...hostileControlPeers]);
