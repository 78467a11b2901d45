//! What Portkey means: slugs, model ids, headers, catalogue, refusals.
