import type { Io } from '../../hosts/io.js';
import { visible } from '../../report/visible.js';
import { fileNight, nightInWords } from '../../wings/nights/index.js';
import { readWhole } from '../flags.js';

interface NightFlags {
  readonly nights: string;
  readonly least: string;
  readonly keep: string;
}

/** `night`: files a finished run as a night, and says whether anything moved. */
export async function night({ stdout }: Io, run: string, flags: NightFlags): Promise<number> {
  const leastPercent = readWhole('--least', flags.least, [1, 100]);
  const keep = readWhole('--keep', flags.keep, [1, 10_000]);
  const filed = await fileNight({ folder: flags.nights, run, leastPercent, keep });
  stdout.write(`${nightInWords(filed).map(visible).join('\n')}\n`);
  return filed.exitCode;
}
