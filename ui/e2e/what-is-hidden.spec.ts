import { action, choose, enter, field, fillIn, screen, tab } from './support/hands'
import { expect, test } from './support/test'

test('a clerk stands before a confidential case, and the director opens it with a reason', async ({
  signIn,
  picture,
}) => {
  const page = await signIn('chenxia')
  await page.goto('/#/register')
  await fillIn(page, { channel: 'oral', name: '贺兰', words: '抽血时被训斥。', demand: 'apologise' })
  await choose(page, 'confidential.wish', 'yes')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('[data-tag="confidential"]')).toBeVisible()
  await picture(page, 'confidential-own')
  const number = await field(page, 'case.number').innerText()
  const clerk = await signIn('zhaomin')
  await clerk.goto('/#/cases')
  const row = clerk.locator(`[data-case="${number}"]`)
  await expect(row).toContainText('保密案件')
  await expect(row).not.toContainText(/贺|服务/)
  await picture(clerk, 'confidential-list')
  await row.click()
  await expect(clerk.locator('[data-confidential]')).toContainText('按保密办理')
  await expect(action(clerk, 'open-confidential'), 'a clerk is not asked why').toHaveCount(0)
  await picture(clerk, 'confidential-refused')
  const director = await signIn('fangyuan')
  await director.goto(`/#/case/${number}`)
  await field(director, 'why').fill('家属来访，需要了解情况')
  await picture(director, 'confidential-why')
  await action(director, 'open-confidential').click()
  await expect(director.locator('[data-tag="confidential"]')).toBeVisible()
  await expect(screen(director, 'case')).toContainText('贺兰')
  const admin = await signIn('admin')
  await admin.goto('/#/settings?pane=access')
  // That it was opened is there for an administrator; who did, and why, is the auditor's to read.
  const kept = admin.locator('[data-access="open_confidential"]', { hasText: number }).first()
  await expect(kept).toBeVisible()
  await expect(kept).not.toContainText(/方圆|家属来访/)
  await kept.scrollIntoViewIfNeeded()
  await picture(admin, 'access')
})

test('what is covered opens with a reason', async ({ received, signIn, picture }) => {
  const number = await received()
  const page = await signIn('admin')
  await page.goto(`/#/case/${number}`)
  await expect(page.locator('[data-covered]')).toBeVisible()
  await expect(screen(page, 'case')).not.toContainText('陈晓峰')
  await picture(page, 'covered')
  await action(page, 'reveal-ask').click()
  await field(page, 'why').fill('协助更正录入')
  await action(page, 'reveal').click()
  await expect(page.getByText('陈晓峰').first()).toBeVisible()
  await expect(page.locator('[data-covered]')).toHaveCount(0)
  await field(page, 'document.redacted').check()
  await picture(page, 'redacted')
})

test('printing without a role asks why, and signing out leaves nothing behind', async ({
  received,
  signIn,
  picture,
}) => {
  const number = await received()
  const page = await signIn('admin')
  await page.goto(`/#/case/${number}`)
  await tab(page, 'values').click()
  const covered = page.locator('[data-value="complainant.phone"] [data-covered-value]')
  await expect(covered).toBeVisible()
  await picture(page, 'covered-values')
  await action(page, 'document-redacted').click()
  await expect(page.getByText('请写明原因后再打开')).toBeVisible()
  await field(page, 'why').fill('　')
  await expect(action(page, 'why')).toBeDisabled()
  await field(page, 'why').fill('寄给上级单位')
  await picture(page, 'why')
  const paper = page.waitForEvent('popup')
  await action(page, 'why').click()
  await paper
  await expect(action(page, 'why')).toHaveCount(0)
  await action(page, 'reveal-ask').click()
  await picture(page, 'reveal')
  await field(page, 'why').fill('协助更正录入')
  await action(page, 'reveal').click()
  await expect(page.getByText('陈晓峰').first()).toBeVisible()
  await action(page, 'sign-out').click()
  await enter(page, 'chenxia')
  await expect(screen(page, 'desk')).toBeVisible()
  // The answer is held back: what the one before has seen must not stand there meanwhile.
  await page.route('**/call/case.get', () => undefined)
  const asked = page.waitForRequest('**/call/case.get')
  await page.goto(`/#/case/${number}`)
  await asked
  await expect(screen(page, 'case')).toBeAttached()
  await expect(screen(page, 'case')).not.toContainText('陈晓峰')
})
