import { readFileSync } from 'node:fs'
import { action, field } from './support/hands'
import { expect, test } from './support/test'

test('two characters, a telephone number and pinyin initials are found', async ({
  received,
  signIn,
  picture,
}) => {
  const number = await received()
  const page = await signIn('zhaomin')
  for (const [text, found] of [
    ['态度', number],
    ['13900004321', number],
    ['cxf', number],
    ['JC-2026-0917', 'TS-2026-0001'],
  ] as const) {
    await page.keyboard.press('Control+k')
    await field(page, 'find').fill(text)
    await page.keyboard.press('Enter')
    await expect(page.locator(`[data-case="${found}"]`)).toBeVisible()
  }
  await picture(page, 'cases')
  await field(page, 'find').fill('没有这样的词')
  await page.keyboard.press('Enter')
  await expect(page.getByText('没有找到案件')).toBeVisible()
})

test('the list is exported, and an anchor kept', async ({ signIn, picture }) => {
  const page = await signIn('admin')
  await page.goto('/#/cases')
  const sheet = page.waitForEvent('download')
  await action(page, 'export').click()
  expect((await sheet).suggestedFilename()).toMatch(/^redress-cases-.*\.xlsx$/)
  await page.goto('/#/settings?pane=upkeep')
  const kept = page.waitForEvent('download')
  await action(page, 'anchor').click()
  await field(page, 'anchor').fill(readFileSync(await (await kept).path(), 'utf8'))
  await action(page, 'verify').click()
  await expect(page.getByText('所给锚点之前没有任何改动')).toBeVisible()
  await picture(page, 'upkeep')
})
