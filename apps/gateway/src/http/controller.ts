import { Controller, Req, RequestMapping, RequestMethod, Res } from '@nestjs/common'
import type { Type } from '@nestjs/common'
import { RouteConfig } from '@nestjs/platform-fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Parts } from '../routes/parts.ts'
import type { Route } from '../routes/route.ts'
import { respond } from './respond.ts'

/** The table of routes as a controller: one method for each row, named after it. */
export function controllerOf(routes: readonly Route[], parts: Parts): Type<unknown> {
  const controller = class RoutesController {}
  const prototype = controller.prototype as Record<string, unknown>
  for (const row of routes) {
    if (row.name in prototype) throw new Error(`two routes are called ${row.name}`)
    prototype[row.name] = (request: FastifyRequest, reply: FastifyReply) => respond(row, parts, request, reply)
    const descriptor = Object.getOwnPropertyDescriptor(prototype, row.name)!
    RequestMapping({ path: patternOf(row.path), method: RequestMethod[row.method] })(prototype, row.name, descriptor)
    RouteConfig({ row })(prototype, row.name, descriptor)
    Req()(prototype, row.name, 0)
    Res()(prototype, row.name, 1)
  }
  Controller()(controller)
  return controller
}

/** `/api/cases/{id}` as the router writes it: `/api/cases/:id`. */
export function patternOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}
