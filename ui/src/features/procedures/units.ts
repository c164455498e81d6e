/** In what a limit is counted. */
export const UNITS = ['hours', 'working_hours', 'working_days', 'calendar_days']
