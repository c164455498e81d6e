import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { field } from './support/hands'
import { expect, test } from './support/test'

test('the page runs under the policy of the window', async ({ browserOf, faults }) => {
  const page = await browserOf()
  const answer = await page.goto('/')
  const window = JSON.parse(readFileSync(resolve('../src-tauri/tauri.conf.json'), 'utf8'))
  expect(answer?.headers()['content-security-policy']).toBe(window.app.security.csp)
  await expect(field(page, 'login')).toBeVisible()
  expect(faults).toEqual([])
  // The check itself is checked: what is forbidden is seen here.
  await page.evaluate(() =>
    document.body.insertAdjacentHTML('beforeend', '<i style="color:red"></i><img src="data:,x">'),
  )
  const forbidden = () => [...new Set(faults.map((f) => f.match(/style-src|img-src/)?.[0]))]
  await expect.poll(forbidden).toEqual(['style-src', 'img-src'])
  faults.length = 0
})
