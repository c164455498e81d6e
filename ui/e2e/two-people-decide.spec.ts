import type { Page } from '@playwright/test'
import { action, field, PASSWORD } from './support/hands'
import { expect, test } from './support/test'

test.describe('years later', () => {
  test.use({ at: '2033-01-05T09:00:00+08:00' })

  test('what two approve is disposed of', async ({ signIn, picture }) => {
    const number = 'BY-2026-0003'
    const admin = await signIn('admin')
    await admin.goto('/#/disposal')
    await admin.locator(`[data-due="${number}"] input`).check()
    await field(admin, 'disposal.reason').fill('保存期满，无未了事项')
    await picture(admin, 'disposal-due')
    await action(admin, 'disposal-propose').click()
    await expect(admin.locator('[data-disposal="waiting"]')).toBeVisible()
    await expect(action(admin, 'disposal-approve'), 'not by its maker').toHaveCount(0)
    for (const who of ['suqing', 'fangyuan']) {
      const page = await signIn(who)
      // A list that waits for me brings its entry into the menu.
      await page.locator('.nav [href="#/disposal"]').click()
      await action(page, 'disposal-approve').click()
      await field(page, 'signature.password').fill(PASSWORD)
      await picture(page, 'disposal-sign')
      await action(page, 'disposal-sign').click()
      await expect(action(page, 'disposal-approve')).toHaveCount(0)
    }
    await admin.reload()
    await action(admin, 'disposal-carry-out').click()
    await picture(admin, 'disposal-last-word')
    await action(admin, 'disposal-confirm').click()
    await expect(admin.locator('[data-disposal="done"]')).toBeVisible()
    await picture(admin, 'disposal-done')
    await admin.goto(`/#/case/${number}`)
    await expect(admin.locator('[data-notice="disposed"]')).toBeVisible()
    await picture(admin, 'disposed')
  })
})

test('a backup waits for the key that a second person makes and keeps', async ({ signIn, picture }) => {
  const sealing = (page: Page, word: string) =>
    expect(page.locator(`[data-part="backup-key"][data-sealing="${word}"]`)).toBeVisible()
  const grant = (page: Page) => page.locator('[data-grant="backup_key"]')

  const admin = await signIn('admin')
  await admin.goto('/#/settings?pane=upkeep')
  await sealing(admin, 'missing')
  await expect(action(admin, 'backup')).toBeDisabled()
  await expect(field(admin, 'passphrase')).toHaveCount(0)
  await picture(admin, 'backup-missing')
  await action(admin, 'backup-key-ask').click()
  await expect(admin.locator('[data-backup-key-asked]')).toBeVisible()
  await expect(action(admin, 'backup-key-begin'), 'not by who asked').toHaveCount(0)
  await picture(admin, 'backup-asked')

  const keeper = await signIn('luoping')
  await expect(grant(keeper)).toBeVisible()
  await picture(keeper, 'backup-grant')
  await action(keeper, 'backup-key-begin').click()
  await field(keeper, 'backup-key.password').fill('not this one')
  await keeper.keyboard.press('Enter')
  await expect(keeper.getByRole('alert').getByText('密码不对')).toBeVisible()
  await field(keeper, 'backup-key.password').fill(PASSWORD)
  await keeper.keyboard.press('Enter')
  const opening = keeper.locator('[data-opening-key]')
  await expect(opening).toHaveText(/^\s*AGE-SECRET-KEY-1\s/)
  const groups = (await opening.innerText()).trim().split(/\s+/)
  await picture(keeper, 'backup-opening')
  await field(keeper, 'backup-key.last').fill('QQQQ')
  await keeper.keyboard.press('Enter')
  await expect(keeper.getByRole('alert').getByText('与保管页上的最后一组不一致')).toBeVisible()
  await field(keeper, 'backup-key.last').fill(groups.at(-1) ?? '')
  await keeper.keyboard.press('Enter')
  await expect(keeper.locator('[data-form="backup-key-keep"]')).toHaveCount(0)
  await expect(grant(keeper)).toHaveCount(0)

  await sealing(admin, 'key')
  const made = admin.waitForEvent('download')
  await action(admin, 'backup').click()
  const name = (await made).suggestedFilename()
  await expect(admin.locator(`[data-backup="${name}"]`).getByText('备份密钥封存')).toBeVisible()
  await picture(admin, 'backup')
  await admin.evaluate(() => localStorage.setItem('language', 'en'))
  await admin.reload()
  await sealing(admin, 'key')
  await picture(admin, 'backup-en')
})
