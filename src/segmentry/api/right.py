"""The right that a route takes, for `dependencies=`: exactly one each."""

from __future__ import annotations

from fastapi import Depends

from segmentry.api.access import May, Scope

READ = [Depends(May(Scope.READ))]
PERSONAL = [Depends(May(Scope.PERSONAL))]
DEFINE = [Depends(May(Scope.DEFINE))]
LIVE = [Depends(May(Scope.LIVE))]
LOAD = [Depends(May(Scope.LOAD))]
RUN = [Depends(May(Scope.RUN))]
EXPORT = [Depends(May(Scope.EXPORT))]
MANAGE = [Depends(May(Scope.MANAGE))]
