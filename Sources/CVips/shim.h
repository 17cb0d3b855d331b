#include <dlfcn.h>
#include <vips/vips.h>

/* libvips takes its options as variadic arguments, which Swift cannot pass: one typed function for each that we use.

   It is loaded with the first picture: it brings some thirty libraries along, whose relocation is a third of a
   process's start, and few mails hold photos. */
#define POSTPLEIN_VIPS "libvips.so.42"
#define POSTPLEIN_OF_VIPS(function) ((__typeof__(&function)) dlsym(RTLD_DEFAULT, #function))

static inline void postplein_vips_silent(const gchar *domain, GLogLevelFlags level, const gchar *words, gpointer data) {
}

/* Before all others. No cache (each picture is seen once), two threads a picture (a quarter less time than by one; they
   are niced as the one that begins them), and none of the loaders that its authors call untrusted. What it warns of
   stands in its error buffer too: it has no business in our log. */
static inline int postplein_vips_start(const char *name) {
  if (!dlopen(POSTPLEIN_VIPS, RTLD_NOW | RTLD_GLOBAL)) return -1;
  if (POSTPLEIN_OF_VIPS(vips_init)(name)) return -1;
  g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, postplein_vips_silent, NULL);
  POSTPLEIN_OF_VIPS(vips_cache_set_max)(0);
  POSTPLEIN_OF_VIPS(vips_concurrency_set)(2);
  POSTPLEIN_OF_VIPS(vips_block_untrusted_set)(TRUE);
  return 0;
}

/* The name of the loader that would read it; NULL where there is none. */
static inline const char *postplein_vips_loader(const void *octets, size_t count) {
  return POSTPLEIN_OF_VIPS(vips_foreign_find_load_buffer)(octets, count);
}

/* Reads the header; pixels come later. */
static inline VipsImage *postplein_vips_header(const void *octets, size_t count) {
  return POSTPLEIN_OF_VIPS(vips_image_new_from_buffer)(octets, count, "", "access", VIPS_ACCESS_SEQUENTIAL, NULL);
}

static inline int postplein_vips_width(const VipsImage *image) {
  return POSTPLEIN_OF_VIPS(vips_image_get_width)(image);
}

static inline int postplein_vips_height(const VipsImage *image) {
  return POSTPLEIN_OF_VIPS(vips_image_get_height)(image);
}

/* Upright, in sRGB, within a square, and never larger than it was. */
static inline VipsImage *postplein_vips_thumbnail(const void *octets, size_t count, int side) {
  VipsImage *lazy = NULL;
  if (POSTPLEIN_OF_VIPS(vips_thumbnail_buffer)((void *) octets, count, &lazy, side, "height", side,
        "size", VIPS_SIZE_DOWN, "export_profile", "srgb", "fail_on", VIPS_FAIL_ON_ERROR, NULL)) return NULL;
  VipsImage *whole = POSTPLEIN_OF_VIPS(vips_image_copy_memory)(lazy);
  g_object_unref(lazy);
  return whole;
}

static inline VipsImage *postplein_vips_shrink(VipsImage *image, int side) {
  VipsImage *small = NULL;
  return POSTPLEIN_OF_VIPS(vips_thumbnail_image)(image, &small, side, "height", side, "size", VIPS_SIZE_DOWN,
    "no_rotate", TRUE, NULL) ? NULL : small;
}

/* On white where it is transparent, and without anything but its pixels. The caller frees the octets with g_free. */
static inline int postplein_vips_jpeg(VipsImage *image, int quality, void **octets, size_t *count) {
  VipsImage *opaque = NULL;
  VipsArrayDouble *white = POSTPLEIN_OF_VIPS(vips_array_double_newv)(1, 255.0);
  int failed = POSTPLEIN_OF_VIPS(vips_flatten)(image, &opaque, "background", white, NULL);
  POSTPLEIN_OF_VIPS(vips_area_unref)((VipsArea *) white);
  if (failed) return -1;
  failed = POSTPLEIN_OF_VIPS(vips_jpegsave_buffer)(opaque, octets, count, "Q", quality, "strip", TRUE,
    "optimize_coding", TRUE, NULL);
  g_object_unref(opaque);
  return failed;
}

static inline void postplein_vips_unref(VipsImage *image) { g_object_unref(image); }

/* Of the calls since it was cleared. */
static inline const char *postplein_vips_errors(void) { return POSTPLEIN_OF_VIPS(vips_error_buffer)(); }

static inline void postplein_vips_clear_errors(void) { POSTPLEIN_OF_VIPS(vips_error_clear)(); }
