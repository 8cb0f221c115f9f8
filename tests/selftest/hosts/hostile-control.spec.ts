import { ofTheDay } from '../support/daily-seed.js';
import { hostileControlPeers } from '../support/hostile-control-peers.js';
import { testPeers } from '../support/hostile-run.js';

testPeers(ofTheDay(hostileControlPeers, 2));
