// Signing in in two steps: a telephone is set up, its code and a recovery code open the desk, and it is turned off again.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What a telephone shows for a secret at a moment in seconds (RFC 6238). */
export function shown(secret, at) {
  const bits = [...secret.replaceAll(' ', '')]
    .map((c) => LETTERS.indexOf(c).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30)))
  const hash = createHmac('sha1', key).update(step).digest()
  const from = hash[19] & 15
  return String((hash.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

const PASSWORD = 'Redress-2026'

export function second({ url, signIn, field, picture }) {
  const action = (page, id) => page.locator(`[data-action="${id}"]`)

  async function rule(word) {
    const page = await signIn('admin')
    await page.goto(`${url}/#/settings?pane=office`)
    await field(page, 'office.second').selectOption(word)
    if (word !== 'off') await picture(page, 'second-rule')
    await action(page, 'save-office').click()
    await page.locator('[data-pane="office"] [role="status"]').waitFor()
    await page.close()
  }

  return {
    async 'a telephone is set up, its code opens the desk, and it is turned off again'() {
      await rule('optional')
      const page = await signIn('zhaomin')
      await action(page, 'password').click()
      await page.locator('[data-form="second"]').waitFor()
      await picture(page, 'second-begin')
      await field(page, 'second.password').fill(PASSWORD)
      await page.keyboard.press('Enter')
      const secret = await page.locator('[data-secret]').innerText()
      await picture(page, 'second-qr')
      // The host of these tests stands at one moment.
      const now = Date.parse('2026-11-16T09:40:00+08:00') / 1000
      await field(page, 'second.code').fill('000000')
      await page.keyboard.press('Enter')
      await page.getByText('验证码不对').waitFor()
      await field(page, 'second.code').fill(shown(secret, now))
      await page.keyboard.press('Enter')
      await page.locator('[data-recovery]').first().waitFor()
      const codes = await page.locator('[data-recovery]').allInnerTexts()
      assert.equal(new Set(codes).size, 10)
      await picture(page, 'second-recovery')
      await action(page, 'recovery-done').click()
      await page.locator('[data-form="second"]').getByText('10').waitFor()
      await picture(page, 'second-on')

      await action(page, 'sign-out').click()
      const enter = async (code) => {
        await field(page, 'login').fill('zhaomin')
        await field(page, 'password').fill(PASSWORD)
        await page.keyboard.press('Enter')
        await field(page, 'code').waitFor()
        await picture(page, 'second-step')
        await page.keyboard.type(code)
        await page.keyboard.press('Enter')
      }
      await enter(shown(secret, now))
      await page.getByText('已经用过一次').waitFor()
      await field(page, 'code').fill(shown(secret, now + 30))
      await page.keyboard.press('Enter')
      await page.locator('[data-screen="desk"]').waitFor()
      await page.keyboard.press('Control+l')
      await field(page, 'lock.secret').fill(PASSWORD)
      await page.keyboard.press('Enter')
      await field(page, 'lock.code').fill(codes[0])
      await picture(page, 'second-lock')
      await page.keyboard.press('Enter')
      await page.locator('[data-screen="lock"]').waitFor({ state: 'detached' })

      await action(page, 'password').click()
      await page.locator('[data-form="second"]').getByText('9').waitFor()
      await field(page, 'second.password').fill(PASSWORD)
      await field(page, 'second.proof').fill(codes[1])
      await action(page, 'second-off').click()
      await action(page, 'second-off').waitFor({ state: 'detached' })
      assert.deepEqual(page.errors, [])
      await rule('off')
    },
  }
}
