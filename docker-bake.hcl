# docker buildx bake                    the images of this machine's architecture, loaded into its engine
# docker buildx bake release --push     amd64 and arm64 with SBOM and provenance, pushed to REGISTRY

variable "VERSION" {
  default = "0.1.0"
}

variable "REVISION" {
  default = "unknown"
}

# where images are pushed to, with a slash at its end; nothing for local images
variable "REGISTRY" {
  default = ""
}

variable "CONTAINERS" {
  default = ["web", "log-shipper", "statsd-adaptor", "redis-ambassador", "wait-for"]
}

group "default" {
  targets = ["image"]
}

group "release" {
  targets = ["published"]
}

target "image" {
  name       = container
  matrix     = { container = CONTAINERS }
  context    = "."
  dockerfile = "packages/${container}/Dockerfile"
  args       = { VERSION = VERSION, REVISION = REVISION }
  tags       = ["${REGISTRY}pod-patterns/${container}:${VERSION}"]
}

target "published" {
  name      = "${container}-published"
  matrix    = { container = CONTAINERS }
  inherits  = [container]
  platforms = ["linux/amd64", "linux/arm64"]
  attest    = ["type=sbom", "type=provenance,mode=max"]
}
