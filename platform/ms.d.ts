/**
 * What Temporal's types want of the package `ms`: the notation of its durations. The package hides its own types from Node's resolution, and
 * without them every duration that Temporal takes would be `any`.
 */
declare module 'ms' {
  type Unit = 'ms' | 'msec' | 'millisecond' | 's' | 'sec' | 'second' | 'm' | 'min' | 'minute' | 'h' | 'hr' | 'hour' | 'd' | 'day' | 'w' | 'week' | 'y' | 'yr' | 'year';
  type Name = Unit | `${Unit}s`;
  /** For example `10 seconds`, `500ms`; a number without a unit counts milliseconds. */
  export type StringValue = `${number}` | `${number}${'' | ' '}${Name}`;
}
