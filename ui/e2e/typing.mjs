// What somebody types: it stays as it is typed, is never replaced or thrown away by one click, and outlives
// whatever happens around it.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const CASE = 'TS-2026-0005'

export const typing = ({ ctl, folder, url, signIn, field, choose, picture }) => {
  const action = (page, id) => page.locator(`[data-action="${id}"]`)
  const saved = (page) => page.getByText('草稿已保存').waitFor()
  const desk = async (page) => {
    await page.locator('.nav [href="#/"]').click()
    await page.locator('[data-screen="desk"]').waitFor()
  }
  /** Begins an act on the case, with half a sentence. */
  const half = async (page, words) => {
    await page.goto(`${url}/#/case/${CASE}`)
    await action(page, 'send_to_qm').click()
    await choose(page, 'pretreatment.opinion', 'accept')
    await field(page, 'pretreatment.department').fill(words)
  }
  /** Throws away all that is unfinished. */
  const tidy = async (page) => {
    await desk(page)
    await page.evaluate(async () => {
      const call = (name, payload) =>
        fetch(`/call/${name}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(payload),
        }).then((r) => r.json())
      for (const d of await call('draft.list', {})) await call('draft.delete', { key: d.key })
    })
  }

  return {
    async 'a measure is typed key by key, its unit before or after it'() {
      const data = join(folder, 'factory')
      execFileSync(ctl, ['story', data, resolve('../tests/stories/factory.toml')], {
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      const own = spawn(
        ctl,
        ['loopback', data, '--ui', resolve('dist'), '--at', '2026-12-28T09:00:00+08:00'],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      )
      try {
        const at = await new Promise((done) =>
          createInterface({ input: own.stdout }).once('line', (line) => done(JSON.parse(line).listening)),
        )
        const page = await signIn('gc_wenli', at)
        await page.keyboard.press('F2')
        const [value, unit] = [0, 1].map((n) => field(page, 'product.quantity').locator('input').nth(n))
        await unit.pressSequentially('kg')
        await value.pressSequentially('4.25')
        assert.deepEqual([await value.inputValue(), await unit.inputValue()], ['4.25', 'kg'])
        for (let n = 0; n < 4; n += 1) await value.press('Backspace')
        assert.deepEqual([await value.inputValue(), await unit.inputValue()], ['', 'kg'])
        const looked = page.waitForRequest(
          (r) =>
            r.url().endsWith('/case.preview_clocks') &&
            r.postDataJSON().values['product.quantity']?.value === '0.50',
        )
        await value.pressSequentially('0.50')
        assert.deepEqual(
          (await looked).postDataJSON().values['product.quantity'],
          { value: '0.50', unit: 'kg' },
          'as exact as it was typed',
        )
        assert.deepEqual(page.errors, [])
      } finally {
        own.kill()
        rmSync(data, { recursive: true, force: true })
      }
    },

    async 'an unfinished registration is neither overwritten nor replaced unasked, and the desk shows each'() {
      const page = await signIn('zhaomin')
      await tidy(page)
      await page.keyboard.press('F2')
      await field(page, 'complainant.name').fill('第一人')
      await saved(page)
      await desk(page)
      await page.locator('aside').getByText('第一人').waitFor()
      await page.keyboard.press('F2')
      await page.locator('[data-draft]').waitFor()
      await field(page, 'complainant.name').fill('第二人')
      await saved(page)
      await action(page, 'take-draft').click()
      assert.equal(await field(page, 'complainant.name').inputValue(), '第二人', 'first it is asked')
      await picture(page, 'draft-take')
      await action(page, 'take-sure').click()
      assert.equal(await field(page, 'complainant.name').inputValue(), '第一人')
      await desk(page)
      await page.locator('aside').getByText('第一人').waitFor()
      await page.locator('aside').getByText('第二人').waitFor()
      await picture(page, 'desk-drafts')
      await page.locator('aside [data-draft]', { hasText: '第二人' }).locator('a').click()
      await page.waitForFunction(
        () => document.querySelector('[data-field="complainant.name"]')?.value === '第二人',
      )
      await tidy(page)
      assert.deepEqual(page.errors, [])
    },

    async 'cancelling keeps the words, and the desk leads back to them'() {
      const page = await signIn('zhaomin')
      await half(page, '写到一半的办理')
      await action(page, 'cancel').click()
      await page.locator('[data-form="send_to_qm"]').waitFor({ state: 'detached' })
      await desk(page)
      const line = page.locator('aside [data-draft]', { hasText: CASE })
      await line.locator('a').click()
      await page.waitForFunction(
        () => document.querySelector('[data-field="pretreatment.department"]')?.value === '写到一半的办理',
      )
      await desk(page)
      await line.locator('[data-action="drop-draft"]').click()
      await line.getByText('丢弃后找不回来').waitFor()
      await picture(page, 'draft-drop')
      await line.locator('[data-action="drop-sure"]').click()
      await line.waitFor({ state: 'detached' })
      await tidy(page)
      assert.deepEqual(page.errors, [])
    },

    async 'the words for an act that cannot be done any more can be copied'() {
      const page = await signIn('zhaomin')
      await half(page, '给别人抄的话')
      await saved(page)
      await action(page, 'cancel').click()
      // Meanwhile somebody else did it.
      await page.route('**/call/case.get', async (r) => {
        const answer = await r.fetch()
        const view = await answer.json()
        await r.fulfill({
          response: answer,
          json: { ...view, actions: view.actions.filter((a) => a.id !== 'send_to_qm') },
        })
      })
      await page.reload()
      const lost = page.locator('[data-lost]')
      await lost.getByText(/拟责任科室：给别人抄的话/).waitFor()
      await picture(page, 'draft-lost')
      await tidy(page)
      assert.deepEqual(page.errors, [])
    },

    async 'a correction outlives an attachment, a document and the lock of a confidential case'() {
      const page = await signIn('zhaomin')
      await page.goto(`${url}/#/case/${CASE}`)
      await page.locator('[data-tab="values"]').click()
      const correct = page.locator('[data-value="complainant.name"] [data-action="correct"]')
      await correct.click()
      await field(page, 'correction.reason').fill('身份证核对')
      await page.locator('[data-tab="attachments"]').click()
      await field(page, 'attachment').setInputFiles({
        name: '身份证.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.from('%PDF-1.7\n'),
      })
      await page.getByText('身份证.pdf').and(page.locator('span')).waitFor()
      const paper = page.waitForEvent('popup')
      await action(page, 'document-issue').click()
      await paper
      assert.equal(await field(page, 'correction.reason').inputValue(), '身份证核对')
      // The case is opened with a reason, and after the lock the reason is asked for again.
      await page.keyboard.press('Control+l')
      await page.locator('[data-screen="lock"]').waitFor()
      let opened = false
      await page.route('**/call/case.get', (r) =>
        (opened ||= !!r.request().postDataJSON().why)
          ? r.continue()
          : r.fulfill({
              status: 403,
              json: {
                code: 'case_confidential',
                params: { number: CASE, may_open: true },
                message: '按保密办理',
              },
            }),
      )
      await field(page, 'lock.secret').fill('Redress-2026')
      await action(page, 'unlock').click()
      await page.locator('[data-confidential]').waitFor()
      assert.equal(await field(page, 'correction.reason').isVisible(), false)
      await field(page, 'why').fill('继续办理')
      await action(page, 'open-confidential').click()
      await field(page, 'correction.reason').waitFor()
      assert.equal(await field(page, 'correction.reason').inputValue(), '身份证核对')
      await action(page, 'cancel').click()
      await page.locator('[data-tab="values"]').click()
      await correct.click()
      await page.locator('[data-form="correct"] [data-action="take-draft"]').click()
      assert.equal(await field(page, 'correction.reason').inputValue(), '身份证核对')
      await tidy(page)
      assert.deepEqual(page.errors, [])
    },

    async 'a draft that cannot be kept says so, and the page is not closed over it'() {
      const page = await signIn('zhaomin')
      await page.goto(`${url}/#/register`)
      await page.route('**/call/draft.put', (r) =>
        r.fulfill({ status: 409, json: { code: 'drafts_too_many', params: {}, message: '草稿已有 200 份' } }),
      )
      await field(page, 'complainant.name').pressSequentially('陈')
      await page.locator('[data-unsaved]').getByText('草稿已有 200 份').waitFor()
      await picture(page, 'draft-unsaved')
      const asked = page.waitForEvent('dialog')
      await page.close({ runBeforeUnload: true })
      const dialog = await asked
      assert.equal(dialog.type(), 'beforeunload')
      await dialog.dismiss()
      await page.unroute('**/call/draft.put')
      await field(page, 'complainant.name').pressSequentially('小')
      await saved(page)
      await tidy(page)
      assert.deepEqual(page.errors, [])
    },

    async 'what was sent during an outage and left tells its end elsewhere'() {
      const page = await signIn('zhaomin')
      await half(page, '')
      await field(page, 'signature.password').fill('Redress-2026')
      await page.route('**/call/case.act', (r) => r.abort())
      await action(page, 'send').click()
      await action(page, 'cancel').click()
      await page.locator('[data-sent]').getByText('不能收回').waitFor()
      await picture(page, 'sent-already')
      await desk(page)
      await page.unroute('**/call/case.act')
      const told = page.locator('[data-notice]')
      await told.waitFor()
      assert.match(await told.innerText(), new RegExp(`${CASE}[^]*(没有办成|已办成)`))
      await picture(page, 'told-elsewhere')
      assert.equal(await page.locator('[data-screen="desk"]').count(), 1, 'nobody is led away')
      await tidy(page)
      assert.deepEqual(page.errors, [])
    },

    async 'behind the lock no shortcut acts; the password is typed at once, and typing goes on where it was'() {
      const page = await signIn('zhaomin')
      await page.keyboard.press('F2')
      await field(page, 'complaint.description').pressSequentially('写到')
      const sent = []
      page.on('request', (r) => sent.push(r.url().split('/').pop()))
      await page.keyboard.press('Control+l')
      await page.locator('[data-screen="lock"]').waitFor()
      await page.keyboard.press('F2')
      await page.keyboard.press('Control+Enter')
      await page.keyboard.type('Redress-2026')
      await page.keyboard.press('Enter')
      await page.locator('[data-screen="register"]').waitFor()
      await page.waitForFunction(() => document.activeElement?.dataset.field === 'complaint.description')
      await page.keyboard.type('一半')
      assert.equal(await field(page, 'complaint.description').inputValue(), '写到一半')
      assert.equal(sent.includes('case.register'), false)
      await tidy(page)
      assert.deepEqual(page.errors, [])
    },

    async 'a double click makes one person, and a paper that may not open waits for a click'() {
      const page = await signIn('admin')
      await page.goto(`${url}/#/settings?pane=people`)
      await action(page, 'person-add').click()
      await field(page, 'person.name').fill('双击')
      await field(page, 'person.account').selectOption('named')
      let sent = 0
      let go
      const held = new Promise((done) => (go = done))
      await page.route('**/call/person.add', async (r) => {
        sent += 1
        await held
        await r.continue()
      })
      await action(page, 'person-save').dblclick({ force: true })
      go()
      await page.locator('[data-form="person"]').waitFor({ state: 'detached' })
      assert.equal(sent, 1)
      await page.evaluate(() => {
        const open = window.open
        window.open = () => {
          window.open = open
          return null
        }
      })
      await page.goto(`${url}/#/settings?pane=procedures`)
      await action(page, 'procedure-describe').first().click()
      const bar = page.locator('[data-unopened]')
      await bar.waitFor()
      await picture(page, 'unopened')
      const paper = page.waitForEvent('popup')
      await bar.locator('[data-action="open-paper"]').click()
      await paper
      await bar.waitFor({ state: 'detached' })
      assert.deepEqual(page.errors, [])
    },
  }
}
