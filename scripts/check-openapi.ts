import { packageRoot } from '../src/engine/package.js';
import { checkPublished } from './published.js';

// One line for each published file, with its problems below; ends with 1 when there is any.
const checked = await checkPublished(packageRoot);
for (const { file, problems } of checked) {
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${file}`);
  for (const problem of problems) console.log(problem.replaceAll(/^/gm, '     '));
}
const wrong = checked.filter(({ problems }) => problems.length > 0);
if (wrong.some(({ file }) => file.startsWith('schemas'))) {
  console.log('The files that refer to the schemas were not checked: mend the schemas first.');
}
process.exitCode = wrong.length > 0 ? 1 : 0;
