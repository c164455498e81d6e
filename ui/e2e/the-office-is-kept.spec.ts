// What an administrator, an auditor and the counter keep beside the cases.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Locator } from '@playwright/test'
import { action, enter, field, held, PASSWORD, tab } from './support/hands'
import { expect, test } from './support/test'

test('the closed case shows its documents, and settings the calendar', async ({ signIn, picture }) => {
  const page = await signIn('admin')
  await page.goto('/#/case/TS-2026-0004')
  await expect(page.locator('svg.page').first()).toBeVisible()
  await picture(page, 'case')
  await page.goto('/#/settings')
  await expect(field(page, 'office.idle')).toBeVisible()
  await picture(page, 'settings')
  await tab(page, 'calendar').click()
  await expect(page.locator('.days .holiday').first()).toBeVisible()
  await picture(page, 'calendar')
  await tab(page, 'people').click()
  await expect(page.locator('[data-person="suqing"]')).toBeVisible()
  await picture(page, 'people')
})

test('the check of all records shows how far it is, and a stopped one is no alarm', async ({
  signIn,
  picture,
}) => {
  const page = await signIn('admin')
  await page.goto('/#/settings?pane=upkeep')
  const progress = held()
  await page.route('**/call/audit.verify', async (r) => {
    await progress.until
    await r.continue()
  })
  await action(page, 'verify').click()
  await expect(page.getByRole('progressbar')).toBeVisible()
  await expect(action(page, 'verify-stop')).toBeVisible()
  await picture(page, 'verifying')
  progress.go()
  await expect(page.getByText('记录完整')).toBeVisible()
  await page.unroute('**/call/audit.verify')
  await page.route('**/call/audit.verify', (r) =>
    r.fulfill({
      status: 409,
      json: { code: 'verify_stopped', params: {}, message: '核对已停止，没有得出结论。' },
    }),
  )
  await action(page, 'verify').click()
  await expect(page.getByRole('status').getByText('核对已停止')).toBeVisible()
  await expect(page.getByRole('alert'), 'no alarm').toHaveCount(0)
})

test('an auditor finds the check first, and neither backups nor the office to change', async ({
  browserOf,
  signIn,
  picture,
}) => {
  const admin = await signIn('admin')
  await admin.goto('/#/settings?pane=people')
  await action(admin, 'person-add').click()
  await field(admin, 'person.name').fill('沈岚')
  await field(admin, 'person.account').selectOption('auditor')
  await field(admin, 'person.login').fill('shenlan')
  await field(admin, 'person.password').fill(PASSWORD)
  await action(admin, 'person-save').click()
  await expect(admin.locator('[data-person="shenlan"]')).toBeVisible()
  const page = await browserOf()
  await page.goto('/')
  await enter(page, 'shenlan')
  await page.locator('[href="#/settings"]').click()
  await expect(action(page, 'verify')).toBeVisible()
  await expect(action(page, 'backup')).toHaveCount(0)
  await expect(action(page, 'register'), 'an auditor registers nothing').toHaveCount(0)
  await picture(page, 'auditor')
  await tab(page, 'office').click()
  await expect(field(page, 'office.idle')).toBeDisabled()
})

test('anchors are left in a folder that the institution names', async ({ signIn, picture }, info) => {
  const page = await signIn('admin')
  await page.goto('/#/settings?pane=upkeep')
  const part = page.locator('[data-part="anchors"]')
  const folders = field(page, 'anchor_folders')
  await folders.fill('质量科')
  await action(part, 'save-anchors').click()
  await expect(part.getByText('请填写完整的文件夹路径')).toBeVisible()
  await expect(folders, 'what was typed is still there').toHaveValue('质量科')
  const stick = info.outputPath('移动盘')
  mkdirSync(stick)
  await folders.fill(stick)
  await action(part, 'save-anchors').click()
  await expect(part.locator('[data-anchor-place="holds"]').getByText('1 个锚点全部相符')).toBeVisible()
  expect(readdirSync(stick)[0]).toMatch(/^redress-anchors-[0-9a-f]{12}\.txt$/)
  await part.scrollIntoViewIfNeeded()
  await picture(page, 'anchors')
})

test('a customer is put into the register, marked and found', async ({ signIn, picture }) => {
  const page = await signIn('zhaomin')
  await page.goto('/#/settings?pane=parties')
  await action(page, 'party-add').click()
  await field(page, 'party.name').fill('东湖驾校')
  const form = page.locator('[data-form="party"]')
  await form.locator('[data-choice="organisation"]').click()
  await form.locator('[data-choice="important"]').click()
  await field(page, 'party.phone').fill('0571 8800 1234')
  await picture(page, 'party')
  await action(page, 'party-save').click()
  await expect(page.locator('[data-party="东湖驾校"]')).toBeVisible()
  await field(page, 'party.search').fill('东湖')
  await expect(page.locator('[data-party="东湖驾校"]')).toBeVisible()
  await picture(page, 'parties')
})

test('a mistake in a new edition is named; a sound one is installed and compared', async ({
  signIn,
  picture,
}, info) => {
  const page = await signIn('admin')
  await page.goto('/#/settings?pane=procedures')
  await expect(page.locator('[data-edition="inspection-station/第B版"]')).toBeVisible()
  const files = info.outputPath('station')
  const main = join(files, 'procedure.toml')
  cpSync(resolve('../procedures/inspection-station'), files, { recursive: true })
  const text = readFileSync(main, 'utf8').replace('edition = "第B版"', 'edition = "第C版"')
  const limit = (words: string) => writeFileSync(main, text.replace('within = { working_days = 3 }', words))
  limit('within = { workdays = 3 }')
  await field(page, 'procedure.files').setInputFiles(files)
  await expect(page.locator('[data-problems]')).toContainText('procedure.toml')
  await expect(action(page, 'procedure-install')).toBeDisabled()
  await picture(page, 'edition-wrong')
  limit('within = { working_days = 5 }')
  await field(page, 'procedure.files').setInputFiles(files)
  await action(page, 'procedure-install').and(page.locator(':enabled')).click()
  const row = page.locator('[data-edition="inspection-station/第C版"]')
  await expect(row).toBeVisible()
  await row.locator('select').selectOption('第B版')
  await expect(page.locator('[data-differences]')).toContainText(/时限“[^”]*”/)
  await picture(page, 'editions')
  const paper = page.waitForEvent('popup')
  await action(row, 'procedure-describe').click()
  expect((await paper).url()).toMatch(/^blob:/)
})

test('opening hours run to 24:00 and past midnight', async ({ signIn, picture }) => {
  const page = await signIn('admin')
  await page.goto('/#/settings?pane=office')
  const [from, to] = [field(page, 'hours.from').first(), field(page, 'hours.to').first()]
  await expect(from).toBeVisible()
  const before = [await from.inputValue(), await to.inputValue()] as const
  const type = async (input: Locator, words: string) => {
    await input.fill(words)
    await input.press('Tab')
  }
  await type(to, '25:00')
  const valid = await to.evaluate((i) => (i as HTMLInputElement).validity.valid)
  expect(valid, 'no time keeps the form from being sent').toBe(false)
  await type(from, '22：00')
  await type(to, '6:00')
  await expect(page.locator('[data-next-day]')).toBeVisible()
  await expect(from).toHaveValue('22:00')
  await expect(to).toHaveValue('06:00')
  await picture(page, 'hours-night')
  await type(from, '0:00')
  await type(to, '24:00')
  await expect(page.locator('[data-next-day]')).toHaveCount(0)
  await page.reload()
  await expect(from, 'nothing was saved').toHaveValue(before[0])
  await expect(to, 'nothing was saved').toHaveValue(before[1])
})

test('a holiday file that takes known days away says which, and waits', async ({ signIn, picture }) => {
  const page = await signIn('admin')
  await page.goto('/#/settings?pane=calendar')
  await expect(page.locator('.days .holiday').first()).toBeVisible()
  const known = await page.locator('.days .holiday').count()
  expect(known).toBeGreaterThan(10)
  const year = { year: 2026, papers: [], days: [{ name: '元旦', date: '2026-01-01', isOffDay: true }] }
  await page.locator('[data-pane="calendar"] input[type="file"]').setInputFiles({
    name: '2026.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(year)),
  })
  await expect(page.locator('[data-change="2026-10-01"]')).toBeVisible()
  await picture(page, 'calendar-asks')
  await action(page, 'import-cancel').click()
  await expect(page.locator('.days .holiday'), 'the known days stay').toHaveCount(known)
})

test('a double click makes one person', async ({ signIn }) => {
  const page = await signIn('admin')
  await page.goto('/#/settings?pane=people')
  await action(page, 'person-add').click()
  await field(page, 'person.name').fill('双击')
  await field(page, 'person.account').selectOption('named')
  let sent = 0
  const adding = held()
  await page.route('**/call/person.add', async (r) => {
    sent += 1
    await adding.until
    await r.continue()
  })
  await action(page, 'person-save').dblclick({ force: true })
  adding.go()
  await expect(page.locator('[data-form="person"]')).toHaveCount(0)
  expect(sent).toBe(1)
})

test('a paper that may not open waits for a click', async ({ signIn, picture }) => {
  const page = await signIn('admin')
  await page.evaluate(() => {
    const open = window.open
    window.open = () => {
      window.open = open
      return null
    }
  })
  await page.goto('/#/settings?pane=procedures')
  await action(page, 'procedure-describe').first().click()
  const bar = page.locator('[data-unopened]')
  await expect(bar).toBeVisible()
  await picture(page, 'unopened')
  const paper = page.waitForEvent('popup')
  await action(bar, 'open-paper').click()
  await paper
  await expect(bar).toHaveCount(0)
})
