import { readFileSync, writeSync } from 'node:fs';

// Loaded before everything else in a process that is measured; its parent reads descriptor 3. Linux tells the peak of memory of the
// program alone; elsewhere a child is charged with what its parent had when it was started.
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeSync(3, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMiB: (peakKiB() ?? maxRSS) / 1024 }));
});

function peakKiB(): number | null {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  } catch {
    return null;
  }
}
