#pragma once

/// Marks what the library exports. Everything else is hidden, so that it can neither be called from
/// outside nor clash with another library.
/// Introduced in chapter 01.
#define NST_API __attribute__((visibility("default")))
