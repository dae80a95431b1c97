#include "instrument/named_error.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace wheatstone::instrument {
namespace {

template <class Kind>
[[noreturn]] void rethrow_as(const Kind& error, const ErrorContext& context) {
  const std::string what = error.what();
  const bool has_address = context.address.empty() || what.find(context.address) != std::string::npos;
  std::string where = context.command.empty() ? "" : fmt::format("'{}'", base::excerpt(context.command));
  if (!has_address) where += fmt::format("{}{}", where.empty() ? "the link to " : " to ", context.address);
  Kind named(where.empty() ? fmt::format("{}: {}", context.alias, what)
                           : fmt::format("{}: {} failed: {}", context.alias, where, what),
             error.context());
  named.add_context(context);
  for (const std::string& attached : error.attached()) named.attach(attached);
  throw named;
}

}  // namespace

void rethrow_named(const ErrorContext& context) {
  try {
    throw;
  } catch (const ConnectionError& error) {
    if (error.context().alias.empty()) rethrow_as(error, context);
    throw;
  } catch (const CommunicationError& error) {
    if (error.context().alias.empty()) rethrow_as(error, context);
    throw;
  } catch (const TimeoutError& error) {
    if (error.context().alias.empty()) rethrow_as(error, context);
    throw;
  } catch (Error& error) {
    error.add_context(context);
    throw;
  }
}

}  // namespace wheatstone::instrument
