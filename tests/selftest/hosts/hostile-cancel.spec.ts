import { ofTheDay } from '../support/daily-seed.js';
import { hostilePeers } from '../support/hostile-peers.js';
import { testPeers } from '../support/hostile-run.js';

testPeers(ofTheDay(hostilePeers, 3));
