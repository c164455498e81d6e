import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import importX from 'eslint-plugin-import-x'
import vue from 'eslint-plugin-vue'
import { readdirSync } from 'node:fs'
import ts from 'typescript-eslint'

/** The rooms of the page from top to bottom: each knows those below it, and none above. */
const ROOMS = ['app', 'features', 'shared', 'queries', 'host', 'words']
const upwards = ROOMS.map((room, n) => ({
  target: `./src/${room}`,
  from: ROOMS.slice(0, n).map((above) => `./src/${above}`),
  message: `${room}/ knows only the rooms below it.`,
})).filter((zone) => zone.from.length)
const sideways = readdirSync('src/features').map((feature) => ({
  target: `./src/features/${feature}`,
  from: './src/features',
  except: [`./${feature}`],
  message: 'A feature knows no other: what two need stands in shared/, and the app joins them.',
}))

const HTTP = 'Only host/ knows HTTP.'

export default ts.config(
  { ignores: ['dist', 'src/generated'] },
  ...ts.configs.recommended,
  ...vue.configs['flat/essential'],
  // For every file: a circle is followed from one kind of file into the other.
  { languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.vue'] } } },
  { rules: { 'vue/multi-word-component-names': 'off' } },
  {
    files: ['src/**/*.{ts,vue}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.json' })],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'], 'vue-eslint-parser': ['.vue'] },
      'import-x/extensions': ['.ts', '.vue'],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones: [...upwards, ...sideways] }],
      // Element Plus's styles are read by Vite; its types are held by vue-tsc.
      'import-x/no-unresolved': ['error', { ignore: ['^element-plus/'] }],
    },
  },
  {
    files: ['e2e/**/*.ts'],
    languageOptions: { parserOptions: { project: 'tsconfig.json' } },
    rules: {
      // An expectation that nobody waits for passes whatever happens.
      '@typescript-eslint/no-floating-promises': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,vue}'],
    ignores: ['src/host/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@tauri-apps/*'], message: 'Only host/ knows the window.' }] },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: HTTP },
        { name: 'EventSource', message: HTTP },
        { name: 'XMLHttpRequest', message: HTTP },
      ],
    },
  },
)
