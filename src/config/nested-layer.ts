import {type Json, type JsonObject, isJsonObject} from '../core/json.ts'
import type {Layer} from './layer.ts'
import type {Path} from './mistake.ts'

/** A layer whose whole document stands at one place of another: a dialect's file in a profile. */
export function nested(layer: Layer, place: Path): Layer {
  return {
    ...layer,
    value: replacedAt({}, place, layer.value),
    locate(path, at) {
      const found = layer.locate(isBelow(path, place) ? path.slice(place.length) : [], at)
      return isBelow(path, place) ? {...found, depth: found.depth + place.length} : {...found, depth: 0}
    },
  }
}

/** The layer with another value, or none, at a place. What was written below it is no longer found there. */
export function amended(layer: Layer, place: Path, value: JsonObject | undefined): Layer {
  return {
    ...layer,
    value: replacedAt(layer.value, place, value),
    locate(path, at) {
      const gone = value === undefined && isBelow(path, place)
      return layer.locate(gone ? place.slice(0, -1) : path, at)
    },
  }
}

export function valueAt(document: JsonObject, place: Path): Json | undefined {
  return place.reduce<Json | undefined>((value, step) => (isJsonObject(value) ? value[step] : undefined), document)
}

function replacedAt(document: JsonObject, [step, ...rest]: Path, value: Json | undefined): JsonObject {
  if (step === undefined) return document
  const {[step]: below, ...others} = document
  if (rest.length === 0) return value === undefined ? others : {...document, [step]: value}
  if (value === undefined && !isJsonObject(below)) return document // nothing to take away
  return {...document, [step]: replacedAt(isJsonObject(below) ? below : {}, rest, value)}
}

function isBelow(path: Path, place: Path): boolean {
  return place.every((step, index) => path[index] === step)
}
