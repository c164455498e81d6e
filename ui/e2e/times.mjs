// Times as people type them: opening hours past midnight and to 24:00, dates that may be meant, a holiday file that
// takes known days away.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The tests, given the browser's hands. */
export const times = ({ folder, url, signIn, field, choose, seek, picture }) => ({
  async 'an unusual date is asked about, kept when gone back to, and taken when it is meant'() {
    const page = await signIn('zhaomin')
    await page.keyboard.press('F2')
    await choose(page, 'channel', 'phone')
    await choose(page, 'complaint.source', 'customer')
    await field(page, 'complainant.name').fill('秦川')
    await choose(page, 'complaint.nature', 'test_result')
    await field(page, 'complaint.description').fill('旧报告的数据要核对。')
    await choose(page, 'complaint.demand', 'explain')
    await field(page, 'report.number').fill('JC-2016-0031')
    await field(page, 'report.sample').fill('制动液')
    await field(page, 'report.date').fill('2062-03-01')
    const copies = field(page, 'report.copies')
    await copies.locator('[data-action="add-row"]').click()
    await copies.locator('select').first().selectOption('paper')
    await copies.locator('[data-field="holder"]').fill('秦川')
    for (const staff of ['report.operator', 'report.reviewer', 'report.signatory']) {
      await seek(page, staff, '何静')
    }
    await choose(page, 'complaint.about_us', 'yes')
    await choose(page, 'immediate.measures', 'none')
    await page.keyboard.press('Control+Enter')
    assert.match(
      await page.locator('p[role="alert"]').innerText(),
      /“报告日期”不能晚于今天/,
      'a past fact is not in the future',
    )
    await field(page, 'report.date').fill('2016-03-01')
    await page.keyboard.press('Control+Enter')
    const asks = page.locator('[data-asks]')
    await asks.getByText(/报告日期/).waitFor()
    await picture(page, 'asks')
    await page.locator('[data-action="asks-back"]').click()
    await asks.waitFor({ state: 'detached' })
    assert.equal(await field(page, 'report.date').inputValue(), '2016-03-01', 'what was typed stays')
    await page.keyboard.press('Control+Enter')
    await page.locator('[data-action="asks-meant"]').click()
    await page.locator('[data-screen="case"]').waitFor()
    assert.deepEqual(page.errors, [])
  },
  async 'opening hours run to 24:00 and past midnight'() {
    const page = await signIn('admin')
    await page.goto(`${url}/#/settings?pane=office`)
    const [from, to] = [field(page, 'hours.from').first(), field(page, 'hours.to').first()]
    await from.waitFor()
    const before = [await from.inputValue(), await to.inputValue()]
    const type = async (input, words) => {
      await input.fill(words)
      await input.press('Tab')
    }
    await type(to, '25:00')
    assert.equal(await to.evaluate((i) => i.validity.valid), false, 'no time keeps the form from being sent')
    await type(from, '22：00')
    await type(to, '6:00')
    await page.locator('[data-next-day]').waitFor()
    assert.deepEqual([await from.inputValue(), await to.inputValue()], ['22:00', '06:00'])
    await picture(page, 'hours-night')
    await type(from, '0:00')
    await type(to, '24:00')
    await page.locator('[data-next-day]').waitFor({ state: 'detached' })
    await page.reload()
    await from.waitFor()
    assert.deepEqual([await from.inputValue(), await to.inputValue()], before, 'nothing was saved')
    assert.deepEqual(page.errors, [])
  },
  async 'a holiday file that takes known days away says which, and waits'() {
    const page = await signIn('admin')
    await page.goto(`${url}/#/settings?pane=calendar`)
    await page.locator('.days .holiday').first().waitFor()
    const file = join(folder, '2026.json')
    writeFileSync(
      file,
      JSON.stringify({
        year: 2026,
        papers: [],
        days: [{ name: '元旦', date: '2026-01-01', isOffDay: true }],
      }),
    )
    await page.locator('[data-pane="calendar"] input[type="file"]').setInputFiles(file)
    await page.locator('[data-change="2026-10-01"]').waitFor()
    await picture(page, 'calendar-asks')
    await page.locator('[data-action="import-cancel"]').click()
    assert.ok((await page.locator('.days .holiday').count()) > 10, 'the known days stay')
    assert.deepEqual(page.errors, [])
  },
})
