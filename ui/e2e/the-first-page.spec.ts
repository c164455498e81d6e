// What the first page weighs, and how soon it stands there. Times depend on the machine: they are printed beside those
// of an empty page, measured in turn with it, and nothing is asserted of them.
import type { Browser } from '@playwright/test'
import { gzipSync } from 'node:zlib'
import { field } from './support/hands'
import { expect, test } from './support/test'

/** A window that somebody waits for loads so much at most, packed, in kB. */
const MOST = 350
const ROUNDS = 7

const median = (all: number[]) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0

// A trace would be measured with it.
test.use({ trace: 'off' })

test('the first page is small', async ({ browserOf }) => {
  const page = await browserOf()
  const sizes: Promise<number>[] = []
  page.on('response', (r) => sizes.push(r.body().then((body) => gzipSync(body).length)))
  await page.goto('/', { waitUntil: 'networkidle' })
  await expect(field(page, 'login')).toBeVisible()
  const size = (await Promise.all(sizes)).reduce((sum, n) => sum + n, 0) / 1000
  console.log(`first page: ${size.toFixed(0)} kB gzip in ${sizes.length} files`)
  expect(size).toBeLessThan(MOST)
})

/** From the start of the navigation to the first paint, in milliseconds, with nothing cached. */
async function painted(browser: Browser, baseURL: string, path: string): Promise<number> {
  const context = await browser.newContext({ baseURL })
  const page = await context.newPage()
  await page.route('**/empty', (r) => r.fulfill({ contentType: 'text/html', body: '<p>.</p>' }))
  await page.goto(path)
  const first = () =>
    page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0)
  await expect.poll(first).toBeGreaterThan(0)
  const at = await first()
  await context.close()
  return at
}

test('how soon it is painted', async ({ browser, host }) => {
  const [ours, empty]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    empty.push(await painted(browser, host.url, '/empty'))
    ours.push(await painted(browser, host.url, '/'))
  }
  const spread = (all: number[]) =>
    `${median(all).toFixed(0)} ms (${all.map((n) => n.toFixed(0)).join(', ')})`
  console.log(`painted, median of ${ROUNDS}: first page ${spread(ours)}; an empty page ${spread(empty)}`)
})
