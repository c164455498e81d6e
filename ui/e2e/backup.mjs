// The backup key: an administrator asks, a second person makes it on their desk, and a backup is sealed to it.
import assert from 'node:assert/strict'

const PASSWORD = 'Redress-2026'

export function backup({ url, signIn, field, picture }) {
  const action = (page, id) => page.locator(`[data-action="${id}"]`)
  const states = (page, word) => page.locator(`[data-part="backup-key"][data-sealing="${word}"]`).waitFor()

  return {
    async 'a backup waits for the key that a second person makes and keeps'() {
      const admin = await signIn('admin')
      await admin.goto(`${url}/#/settings?pane=upkeep`)
      await states(admin, 'missing')
      assert.equal(await action(admin, 'backup').isDisabled(), true)
      assert.equal(await field(admin, 'passphrase').count(), 0)
      await picture(admin, 'backup-missing')
      await action(admin, 'backup-key-ask').click()
      await admin.locator('[data-backup-key-asked]').waitFor()
      assert.equal(await action(admin, 'backup-key-begin').count(), 0, 'not by who asked')
      await picture(admin, 'backup-asked')

      const keeper = await signIn('luoping')
      await keeper.locator('[data-grant="backup_key"]').waitFor()
      await picture(keeper, 'backup-grant')
      await action(keeper, 'backup-key-begin').click()
      await field(keeper, 'backup-key.password').fill('not this one')
      await keeper.keyboard.press('Enter')
      await keeper.getByRole('alert').getByText('密码不对').waitFor()
      await field(keeper, 'backup-key.password').fill(PASSWORD)
      await keeper.keyboard.press('Enter')
      const shown = await keeper.locator('[data-opening-key]').innerText()
      assert.match(shown, /^AGE-SECRET-KEY-1\s/)
      await picture(keeper, 'backup-opening')
      await field(keeper, 'backup-key.last').fill('QQQQ')
      await keeper.keyboard.press('Enter')
      await keeper.getByRole('alert').getByText('与保管页上的最后一组不一致').waitFor()
      await field(keeper, 'backup-key.last').fill(shown.trim().split(/\s+/).at(-1))
      await keeper.keyboard.press('Enter')
      await keeper.locator('[data-form="backup-key-keep"]').waitFor({ state: 'detached' })
      await keeper.locator('[data-grant="backup_key"]').waitFor({ state: 'detached' })
      assert.deepEqual(keeper.errors, [])

      await states(admin, 'key')
      const made = admin.waitForEvent('download')
      await action(admin, 'backup').click()
      const name = (await made).suggestedFilename()
      await admin.locator(`[data-backup="${name}"]`).getByText('备份密钥封存').waitFor()
      await picture(admin, 'backup')
      assert.deepEqual(admin.errors, [])
      await admin.evaluate(() => localStorage.setItem('language', 'en'))
      await admin.reload()
      await states(admin, 'key')
      await picture(admin, 'backup-en')
    },
  }
}
