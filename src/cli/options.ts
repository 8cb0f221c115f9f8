import { Option } from 'commander';
import { areaIds as areas } from '../cancel/areas.js';

export const targetOption = (): Option =>
  new Option(
    '--target <file|url>',
    'target file, or the URL of a target with the control protocol (default: embedded)',
  );

/** The same for a command that takes several. */
export const targetsOption = (): Option =>
  new Option(
    '--target <file|url>',
    'target file, or the URL of a target with the control protocol (default: embedded); given again: one more target, compared with the first',
  ).argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);

export const editionOption = (): Option => new Option('--edition <id>', 'edition of the documentation to judge by');

export const readingOption = (): Option =>
  new Option('--reading <clause=name...>', 'how to read a contested clause, such as C-1=200');

/** The same for a command with an argument, which would be taken for one more reading. */
export const oneReadingOption = (): Option =>
  new Option(
    '--reading <clause=name>',
    'judge by this reading of a contested clause, such as C-1=200; may be repeated',
  ).argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);

/** Where a run leaves its reports; what is carried out again, alone, leaves the report of the whole as it is. */
export const reportFolders = { whole: 'reports', again: 'reports/again' } as const;

export const reportsOption = (): Option =>
  new Option(
    '--out <dir>',
    `folder of the reports (default: ${reportFolders.whole}; with --only ${reportFolders.again})`,
  );

export const insecureOption = (): Option =>
  new Option('--insecure', 'allow plain http to a host other than this one: tokens go over the network in the clear');

export const waitOption = (): Option =>
  new Option('--wait <seconds>', 'first wait until the target answers anything, so long at most');

export const areaOption = (): Option =>
  new Option('--area <areas>', `judge these areas only, separated by commas: ${areas.join(', ')}; makes no claim`);

/** What is chosen of a run. */
export const onlyOption = (): Option =>
  new Option(
    '--only <ids>',
    'carry these out only, and what vouches for them: requirements, cases or checks, separated by commas; makes no claim',
  ).conflicts('area');

/** Ownership files besides those of the suite. */
export const ownershipOption = (): Option =>
  new Option('--ownership <file>', 'owners of the sentences of a page of your own; may be repeated').argParser(
    (file: string, before: readonly string[] | undefined) => [...(before ?? []), file],
  );
