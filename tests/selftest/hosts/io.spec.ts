import { expect, test } from '@playwright/test';
import { processIo } from '../../../src/hosts/io.js';

const before = Object.getOwnPropertyDescriptor(process.stdout, 'columns');

test.afterEach(() => {
  if (before) Object.defineProperty(process.stdout, 'columns', before);
  else Reflect.deleteProperty(process.stdout, 'columns');
});

test('a terminal is as wide as it says when it is asked, and what says nothing has no width', () => {
  const widths = [120, 1, 0, undefined].map((columns) => {
    Object.defineProperty(process.stdout, 'columns', { value: columns, configurable: true });
    return processIo.stdout.columns;
  });
  expect(widths).toEqual([120, 1, undefined, undefined]);
});
