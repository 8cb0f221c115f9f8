import { hostilePeers } from '../support/hostile-peers.js';
import { testPeers } from '../support/hostile-run.js';

// What might take memory, in a run of all cases: with every change it is measured in a run of an area.
testPeers(hostilePeers.filter(({ measured }) => measured !== undefined).map((peer) => ({ ...peer, measured: null })));
