import { expect, test } from '@playwright/test';

const url = process.env['BENCH_URL'] ?? '';
const count = Number(process.env['BENCH_TESTS'] ?? '0');

for (let index = 1; index <= count; index++) {
  test(`call ${index}`, async ({ request }) => {
    const response = await request.post(url, { data: { index } });
    expect(response.status()).toBe(204);
  });
}
