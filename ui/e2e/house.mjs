// What a house keeps beside its cases: editions, the register of parties, reports that are owed, whole files.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** The tests, given the browser's hands: where the host is, how to sign in, find a field, take a picture. */
export const house = ({ ctl, folder, url, signIn, field, picture }) => ({
  async 'the whole file of a case is one PDF'() {
    const page = await signIn('zhaomin')
    await page.goto(`${url}/#/case/TS-2026-0001`)
    const paper = page.waitForEvent('popup')
    await page.locator('[data-action="case-file"]').click()
    assert.match((await paper).url(), /^blob:/)
    assert.deepEqual(page.errors, [])
  },
  async 'anchors are left in a folder that the institution names'() {
    const page = await signIn('admin')
    await page.goto(`${url}/#/settings?pane=upkeep`)
    const part = page.locator('[data-part="anchors"]')
    const save = part.locator('[data-action="save-anchors"]')
    await field(page, 'anchor_folders').fill('质量科')
    await save.click()
    await part.getByText('请填写完整的文件夹路径').waitFor()
    assert.equal(await field(page, 'anchor_folders').inputValue(), '质量科', 'what was typed is still there')
    const stick = join(folder, '移动盘')
    mkdirSync(stick)
    await field(page, 'anchor_folders').fill(stick)
    await save.click()
    await part.locator('[data-anchor-place="holds"]').getByText('1 个锚点全部相符').waitFor()
    assert.match(readdirSync(stick)[0], /^redress-anchors-[0-9a-f]{12}\.txt$/)
    await part.scrollIntoViewIfNeeded()
    await picture(page, 'anchors')
    assert.deepEqual(page.errors, [])
  },
  async 'a customer is put into the register, marked and found'() {
    const page = await signIn('zhaomin')
    await page.goto(`${url}/#/settings?pane=parties`)
    await page.locator('[data-action="party-add"]').click()
    await field(page, 'party.name').fill('东湖驾校')
    const form = page.locator('[data-form="party"]')
    await form.locator('[data-choice="organisation"]').click()
    await form.locator('[data-choice="important"]').click()
    await field(page, 'party.phone').fill('0571 8800 1234')
    await picture(page, 'party')
    await page.locator('[data-action="party-save"]').click()
    await page.locator('[data-party="东湖驾校"]').waitFor()
    await field(page, 'party.search').fill('东湖')
    await page.locator('[data-party="东湖驾校"]').waitFor()
    await picture(page, 'parties')
    assert.deepEqual(page.errors, [])
  },
  async 'a mistake in a new edition is named; a sound one is installed and compared'() {
    const page = await signIn('admin')
    await page.goto(`${url}/#/settings?pane=procedures`)
    await page.locator('[data-edition="inspection-station/第B版"]').waitFor()
    const files = join(folder, 'station')
    const main = join(files, 'procedure.toml')
    cpSync(resolve('../procedures/inspection-station'), files, { recursive: true })
    const text = readFileSync(main, 'utf8').replace('edition = "第B版"', 'edition = "第C版"')
    writeFileSync(main, text.replace('within = { working_days = 3 }', 'within = { workdays = 3 }'))
    await field(page, 'procedure.files').setInputFiles(files)
    await page.locator('[data-problems]').waitFor()
    assert.match(await page.locator('[data-problems]').innerText(), /procedure\.toml/)
    assert.equal(await page.locator('[data-action="procedure-install"]').isDisabled(), true)
    await picture(page, 'edition-wrong')
    writeFileSync(main, text.replace('within = { working_days = 3 }', 'within = { working_days = 5 }'))
    await field(page, 'procedure.files').setInputFiles(files)
    await page.locator('[data-action="procedure-install"]:enabled').click()
    const row = page.locator('[data-edition="inspection-station/第C版"]')
    await row.waitFor()
    await row.locator('select').selectOption('第B版')
    assert.match(await page.locator('[data-differences]').innerText(), /时限“[^”]*”/)
    await picture(page, 'editions')
    const paper = page.waitForEvent('popup')
    await row.locator('[data-action="procedure-describe"]').click()
    assert.match((await paper).url(), /^blob:/)
    assert.deepEqual(page.errors, [])
  },
  async 'a report that is owed stands on the desk until it is made'() {
    const data = join(folder, 'dealer')
    execFileSync(ctl, ['story', data, resolve('../tests/stories/car-dealer.toml')], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const own = spawn(ctl, ['loopback', data, '--ui', resolve('dist'), '--at', '2026-12-28T09:00:00+08:00'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const at = await new Promise((done) =>
        createInterface({ input: own.stdout }).once('line', (line) => done(JSON.parse(line).listening)),
      )
      const page = await signIn('gz_lixin', at)
      const owed = page.locator('[data-duty="car-dealer/weekly"]')
      await owed.first().waitFor()
      await picture(page, 'desk-owed')
      const before = await owed.count()
      await owed.first().click()
      await page.locator('[data-screen="reports"]').waitFor()
      const file = page.waitForEvent('popup')
      await page.locator('[data-action="report"]').click()
      assert.match((await file).url(), /^blob:/)
      await page.getByRole('status').waitFor()
      await picture(page, 'report-made')
      await page.goto(`${at}/#/`)
      await page.locator('[data-screen="desk"]').waitFor()
      await assert.doesNotReject(
        page.waitForFunction(
          ({ n }) => document.querySelectorAll('[data-duty="car-dealer/weekly"]').length === n,
          { n: before - 1 },
        ),
      )
      assert.deepEqual(page.errors, [])
    } finally {
      own.kill()
      rmSync(data, { recursive: true, force: true })
    }
  },
  async 'what closing still lacks is said before it is tried'() {
    const page = await signIn('luoping')
    await page.goto(`${url}/#/case/TS-2026-0004`)
    await page.locator('[data-action="reply_impossible"]').click()
    assert.equal(await page.locator('[data-missing]').count(), 0, 'not before the step that closes')
    await field(page, 'reply.impossible').fill('地址和电话都不通')
    await page.locator('[data-action="send"]').click()
    await page.locator('[data-form="reply_impossible"]').waitFor({ state: 'detached' })
    await page.locator('[data-missing]').getByText('纠正措施尚未完成效果验证').waitFor()
    await picture(page, 'closing-missing')
    assert.deepEqual(page.errors, [])
  },
  async 'a page that was laid late does not replace the one chosen since, and a file on its way is shown'() {
    const page = await signIn('zhaomin')
    const laid = []
    let late
    await page.route('**/call/form.layout', (r) => {
      laid.push(r.request().postDataJSON().variant)
      if (laid.at(-1) === 'redacted') late = r
      else return r.continue()
    })
    await page.goto(`${url}/#/case/TS-2026-0005`)
    await page.locator('svg.page').first().waitFor()
    const filled = await page.locator('svg.page').first().innerHTML()
    await field(page, 'document.redacted').check()
    await assert.doesNotReject(
      page.waitForFunction(() => document.querySelector('[data-field="document.redacted"]').checked),
    )
    const again = page.waitForResponse(
      (r) => r.url().endsWith('/call/form.layout') && r.request().postDataJSON().variant === 'filled',
    )
    await field(page, 'document.redacted').uncheck()
    await again
    const answered = page.waitForResponse(
      (r) => r.url().endsWith('/call/form.layout') && r.request().postDataJSON().variant === 'redacted',
    )
    await late.continue()
    await (await answered).finished()
    assert.equal(await page.locator('svg.page').first().innerHTML(), filled)
    await page.locator('[data-tab="attachments"]').click()
    let go
    const held = new Promise((done) => (go = done))
    await page.route('**/call/attachment.add', async (r) => {
      await held
      await r.continue()
    })
    const give = field(page, 'attachment')
    await give.setInputFiles({
      name: '大照片.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.7\n'),
    })
    await page.locator('[data-sending]').getByText('大照片.pdf').waitFor()
    assert.equal(await give.isDisabled(), true)
    await picture(page, 'sending-file')
    go()
    await page.locator('[data-sending]').waitFor({ state: 'detached' })
    assert.equal(await give.inputValue(), '')
    assert.deepEqual(page.errors, [])
  },
})
