import type { Page } from '@playwright/test'
import { action, choose, enter, field, PASSWORD, screen } from './support/hands'
import { totp } from './support/telephone'
import { AT, expect, test } from './support/test'

test('a wrong password is refused and says what to do', async ({ browserOf }) => {
  const page = await browserOf()
  await page.goto('/')
  await enter(page, 'zhaomin', 'not this one')
  await expect(page.getByRole('alert')).toContainText('用户名或密码不对')
})

test('the desk locks with what was typed, and opens for the same person', async ({ signIn, picture }) => {
  const page = await signIn('zhaomin')
  await page.goto('/#/register')
  await field(page, 'complaint.description').fill('写到一半的话')
  await page.keyboard.press('Control+l')
  await expect(screen(page, 'lock')).toBeVisible()
  await expect(screen(page, 'register')).toBeHidden()
  await picture(page, 'lock')
  await field(page, 'lock.secret').fill(PASSWORD)
  await action(page, 'unlock').click()
  await expect(screen(page, 'register')).toBeVisible()
  await expect(field(page, 'complaint.description')).toHaveValue('写到一半的话')
  await action(page, 'password').click()
  await expect(page.locator('[data-form="pin"]')).toBeVisible()
  await picture(page, 'password')
})

test('what was typed in an action is there after the lock, whatever was read meanwhile', async ({
  signIn,
}) => {
  const page = await signIn('zhaomin')
  await page.goto('/#/case/TS-2026-0005')
  await action(page, 'send_to_qm').click()
  await choose(page, 'pretreatment.opinion', 'accept')
  await field(page, 'pretreatment.department').fill('写到一半')
  await page.keyboard.press('Control+l')
  await expect(screen(page, 'lock')).toBeVisible()
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')))
  await field(page, 'lock.secret').fill(PASSWORD)
  await action(page, 'unlock').click()
  await expect(screen(page, 'case')).toBeVisible()
  await expect(field(page, 'pretreatment.department')).toHaveValue('写到一半')
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('behind the lock no shortcut acts; the password is typed at once, and typing goes on where it was', async ({
  signIn,
}) => {
  const page = await signIn('zhaomin')
  await page.keyboard.press('F2')
  await field(page, 'complaint.description').pressSequentially('写到')
  const sent: (string | undefined)[] = []
  page.on('request', (r) => sent.push(r.url().split('/').pop()))
  await page.keyboard.press('Control+l')
  await expect(screen(page, 'lock')).toBeVisible()
  await page.keyboard.press('F2')
  await page.keyboard.press('Control+Enter')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await expect(screen(page, 'register')).toBeVisible()
  await expect(field(page, 'complaint.description')).toBeFocused()
  await page.keyboard.type('一半')
  await expect(field(page, 'complaint.description')).toHaveValue('写到一半')
  expect(sent).not.toContain('case.register')
})

test('a telephone is set up, its code opens the desk, and it is turned off again', async ({
  signIn,
  picture,
}) => {
  async function rule(word: string): Promise<void> {
    const admin = await signIn('admin')
    await admin.goto('/#/settings?pane=office')
    await field(admin, 'office.second').selectOption(word)
    if (word !== 'off') await picture(admin, 'second-rule')
    await action(admin, 'save-office').click()
    await expect(admin.locator('[data-pane="office"] [role="status"]')).toBeVisible()
    await admin.close()
  }
  const form = (page: Page) => page.locator('[data-form="second"]')

  await rule('optional')
  const page = await signIn('zhaomin')
  await action(page, 'password').click()
  await expect(form(page)).toBeVisible()
  await picture(page, 'second-begin')
  await field(page, 'second.password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  const secret = await page.locator('[data-secret]').innerText()
  await picture(page, 'second-qr')
  // The clock of the host stands still.
  const now = Date.parse(AT) / 1000
  await field(page, 'second.code').fill('000000')
  await page.keyboard.press('Enter')
  await expect(page.getByText('验证码不对')).toBeVisible()
  await field(page, 'second.code').fill(totp(secret, now))
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-recovery]')).toHaveCount(10)
  const codes = await page.locator('[data-recovery]').allInnerTexts()
  expect(new Set(codes).size).toBe(10)
  await picture(page, 'second-recovery')
  await action(page, 'recovery-done').click()
  await expect(form(page).getByText('10')).toBeVisible()
  await picture(page, 'second-on')

  await action(page, 'sign-out').click()
  await field(page, 'login').fill('zhaomin')
  await field(page, 'password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await expect(field(page, 'code')).toBeFocused()
  await picture(page, 'second-step')
  await page.keyboard.type(totp(secret, now))
  await page.keyboard.press('Enter')
  await expect(page.getByText('已经用过一次')).toBeVisible()
  await field(page, 'code').fill(totp(secret, now + 30))
  await page.keyboard.press('Enter')
  await expect(screen(page, 'desk')).toBeVisible()
  await page.keyboard.press('Control+l')
  await field(page, 'lock.secret').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await field(page, 'lock.code').fill(codes[0] ?? '')
  await picture(page, 'second-lock')
  await page.keyboard.press('Enter')
  await expect(screen(page, 'lock')).toHaveCount(0)

  await action(page, 'password').click()
  await expect(form(page).getByText('9')).toBeVisible()
  await field(page, 'second.password').fill(PASSWORD)
  await field(page, 'second.proof').fill(codes[1] ?? '')
  await action(page, 'second-off').click()
  await expect(action(page, 'second-off')).toHaveCount(0)
  await rule('off')
})
