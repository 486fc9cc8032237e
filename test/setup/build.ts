/** Tests of the built binary need a build that matches the sources. Replaced by tools' own when that lands. */
export default function setup(): void {}
