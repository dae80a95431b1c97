#pragma once
// An address belongs to one process at a time.

#include <filesystem>
#include <memory>
#include <string>

#include "transport/resource_name.hpp"

namespace wheatstone::bench {

/// Where lock files stand: WHEATSTONE_LOCKS, else wheatstone-locks in the system's temporary folder, which all users
/// share.
[[nodiscard]] std::filesystem::path lock_folder();

/// Holds an address from construction to destruction, across processes and within this one. The file names the process,
/// its user and since when; it stays when the lock goes, and an empty lock is nobody's. A forked child's copy holds
/// nothing.
class AddressLock {
 public:
  /// Throws ConnectionError naming who holds it.
  AddressLock(const std::string& alias, const transport::ResourceName& name,
              const std::filesystem::path& folder = lock_folder());
  ~AddressLock();
  AddressLock(const AddressLock&) = delete;
  AddressLock& operator=(const AddressLock&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wheatstone::bench
