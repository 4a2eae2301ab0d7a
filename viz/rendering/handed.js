// What a result hands on to one of its operands. If it does not depend on that at all, nothing: also where the adjoint is
// infinite, which times 0 is nan.
function handed(adjoint, partial, flat) {
  return flat ? 0 : adjoint * partial;
}
