// What a feature says of itself: where it is, how one comes there, and who.
import type { Component, InjectionKey, Ref } from 'vue'

export interface Menu {
  /** Key of its words. */
  title: string
  /** A key that leads there from everywhere; such an entry stands first, as a button. */
  key?: 'F2'
}

/** A tab of the settings. */
export interface Pane {
  id: string
  /** Key of its words. */
  title: string
  pane: Component
  /** Who finds it; none: everyone. */
  may?: () => boolean
  /** Who begins there. */
  first?: () => boolean
}

export interface Feature {
  routes?: {
    path: string
    screen: () => Promise<unknown>
    /** None: not in the menu. */
    menu?: Menu
    /** Who finds it in the menu, asked once within the app's setup; none: everyone. */
    useMay?: () => Ref<boolean>
  }[]
  panes?: Pane[]
}

/** The tabs that the features brought, in their order: given by the app, drawn by the settings. */
export const PANES: InjectionKey<Pane[]> = Symbol('panes')
