import {access} from 'node:fs/promises'

/** Whether the file lies there that ends a drill, and keeps others from beginning. */
export function isLaidDown(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

export function laidDown(file: string): string {
  return `the kill file ${file} was laid down`
}
