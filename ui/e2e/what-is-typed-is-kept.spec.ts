// What somebody types stays as it is typed, is never replaced or thrown away by one click, and outlives whatever
// happens around it.
import type { Page } from '@playwright/test'
import { action, choose, field, PASSWORD, screen, tab } from './support/hands'
import { expect, test } from './support/test'

const CASE = 'TS-2026-0005'

const saved = (page: Page) => expect(page.getByText('草稿已保存')).toBeVisible()

async function toDesk(page: Page): Promise<void> {
  await page.locator('.nav [href="#/"]').click()
  await expect(screen(page, 'desk')).toBeVisible()
}

/** Begins an act on the case, with half a sentence. */
async function half(page: Page, words: string): Promise<void> {
  await page.goto(`/#/case/${CASE}`)
  await action(page, 'send_to_qm').click()
  await choose(page, 'pretreatment.opinion', 'accept')
  await field(page, 'pretreatment.department').fill(words)
}

test('an unfinished registration is neither overwritten nor replaced unasked, and the desk shows each', async ({
  signIn,
  picture,
}) => {
  const page = await signIn('zhaomin')
  const name = field(page, 'complainant.name')
  await page.keyboard.press('F2')
  await name.fill('第一人')
  await saved(page)
  await toDesk(page)
  await expect(page.locator('aside').getByText('第一人')).toBeVisible()
  await page.keyboard.press('F2')
  await expect(page.locator('[data-draft]')).toBeVisible()
  await name.fill('第二人')
  await saved(page)
  await action(page, 'take-draft').click()
  await expect(name, 'first it is asked').toHaveValue('第二人')
  await picture(page, 'draft-take')
  await action(page, 'take-sure').click()
  await expect(name).toHaveValue('第一人')
  await toDesk(page)
  await expect(page.locator('aside').getByText('第一人')).toBeVisible()
  await expect(page.locator('aside').getByText('第二人')).toBeVisible()
  await picture(page, 'desk-drafts')
  await page.locator('aside [data-draft]', { hasText: '第二人' }).locator('a').click()
  await expect(name).toHaveValue('第二人')
})

test('cancelling keeps the words, and the desk leads back to them', async ({ signIn, picture }) => {
  const page = await signIn('zhaomin')
  await half(page, '写到一半的办理')
  await action(page, 'cancel').click()
  await expect(page.locator('[data-form="send_to_qm"]')).toHaveCount(0)
  await toDesk(page)
  const line = page.locator('aside [data-draft]', { hasText: CASE })
  await line.locator('a').click()
  await expect(field(page, 'pretreatment.department')).toHaveValue('写到一半的办理')
  await toDesk(page)
  await action(line, 'drop-draft').click()
  await expect(line.getByText('丢弃后找不回来')).toBeVisible()
  await picture(page, 'draft-drop')
  await action(line, 'drop-sure').click()
  await expect(line).toHaveCount(0)
})

test('the words for an act that cannot be done any more can be copied', async ({ signIn, picture }) => {
  const page = await signIn('zhaomin')
  await half(page, '给别人抄的话')
  await saved(page)
  await action(page, 'cancel').click()
  // Meanwhile somebody else did it.
  await page.route('**/call/case.get', async (r) => {
    const answer = await r.fetch()
    const view = await answer.json()
    const actions = view.actions.filter((a: { id: string }) => a.id !== 'send_to_qm')
    await r.fulfill({ response: answer, json: { ...view, actions } })
  })
  await page.reload()
  await expect(page.locator('[data-lost]').getByText(/拟责任科室：给别人抄的话/)).toBeVisible()
  await picture(page, 'draft-lost')
})

test('a correction outlives an attachment, a document and the lock of a confidential case', async ({
  signIn,
}) => {
  const page = await signIn('zhaomin')
  const reason = field(page, 'correction.reason')
  await page.goto(`/#/case/${CASE}`)
  await tab(page, 'values').click()
  const correct = action(page.locator('[data-value="complainant.name"]'), 'correct')
  await correct.click()
  await reason.fill('身份证核对')
  await tab(page, 'attachments').click()
  await field(page, 'attachment').setInputFiles({
    name: '身份证.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.7\n'),
  })
  await expect(page.getByText('身份证.pdf').and(page.locator('span'))).toBeVisible()
  const paper = page.waitForEvent('popup')
  await action(page, 'document-issue').click()
  await paper
  await expect(reason).toHaveValue('身份证核对')
  // The case is opened with a reason, and after the lock the reason is asked for again.
  await page.keyboard.press('Control+l')
  await expect(screen(page, 'lock')).toBeVisible()
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
  await field(page, 'lock.secret').fill(PASSWORD)
  await action(page, 'unlock').click()
  await expect(page.locator('[data-confidential]')).toBeVisible()
  await expect(reason).toBeHidden()
  await field(page, 'why').fill('继续办理')
  await action(page, 'open-confidential').click()
  await expect(reason).toBeVisible()
  await expect(reason).toHaveValue('身份证核对')
  await action(page, 'cancel').click()
  await tab(page, 'values').click()
  await correct.click()
  await action(page.locator('[data-form="correct"]'), 'take-draft').click()
  await expect(reason).toHaveValue('身份证核对')
})

test('a draft that cannot be kept says so, and the page is not closed over it', async ({
  signIn,
  picture,
}) => {
  const page = await signIn('zhaomin')
  const name = field(page, 'complainant.name')
  await page.goto('/#/register')
  await page.route('**/call/draft.put', (r) =>
    r.fulfill({ status: 409, json: { code: 'drafts_too_many', params: {}, message: '草稿已有 200 份' } }),
  )
  await name.pressSequentially('陈')
  await expect(page.locator('[data-unsaved]').getByText('草稿已有 200 份')).toBeVisible()
  await picture(page, 'draft-unsaved')
  const asked = page.waitForEvent('dialog')
  await page.close({ runBeforeUnload: true })
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await page.unroute('**/call/draft.put')
  await name.pressSequentially('小')
  await saved(page)
})

test('what was sent during an outage and left tells its end elsewhere', async ({ signIn, picture }) => {
  const page = await signIn('zhaomin')
  await half(page, '')
  await field(page, 'signature.password').fill(PASSWORD)
  await page.route('**/call/case.act', (r) => r.abort())
  await action(page, 'send').click()
  await action(page, 'cancel').click()
  await expect(page.locator('[data-sent]').getByText('不能收回')).toBeVisible()
  await picture(page, 'sent-already')
  await toDesk(page)
  await page.unroute('**/call/case.act')
  await expect(page.locator('[data-notice]')).toHaveText(new RegExp(`${CASE}[^]*(没有办成|已办成)`))
  await picture(page, 'told-elsewhere')
  await expect(screen(page, 'desk'), 'nobody is led away').toHaveCount(1)
})
